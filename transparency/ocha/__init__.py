"""Reading the public files of OCHA's pooled funds: plain Python, no Django.

`layouts` names the files and their columns, `values` reads one value, `reading` turns bytes into rows, `bundle` opens
uploads within limits, `places` knows the spellings of governorates.
"""
