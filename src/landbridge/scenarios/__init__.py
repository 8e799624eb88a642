"""Cases: everything an answer depends on except the request and the seed."""
