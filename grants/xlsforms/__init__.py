"""Forms as XLSForm workbooks, as NGOs write them for Kobo and ODK: read, judged and written. No Django."""
