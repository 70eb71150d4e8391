"""The report: one page made from the published marts, to open from disk, to print and to send."""
