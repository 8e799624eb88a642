"""Pictures of an answer: time, cost and distance of each way; what moves its totals.

Each is drawn as a list of plain shapes, which becomes SVG text by itself, or PNG by matplotlib.
"""
