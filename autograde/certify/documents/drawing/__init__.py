"""Emblem, letters and lines on a page, as PDF, SVG and PNG."""
