"""The synthetic county 云岭县: a year of exports and registers, made by code from a seed (DESIGN section 9)."""

from xmt_scoring.demo.county import write_county

__all__ = ["write_county"]
