"""The parts of the HTML document: markup, maps, bars, sections."""
