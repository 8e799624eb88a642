"""Made-up answers and a made-up case, for tests of reports and commands. No figure is real."""
