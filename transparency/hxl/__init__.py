"""The released table as CSV with HXL tags, and the schemas by which `hxlvalidate` checks them. Plain Python."""
