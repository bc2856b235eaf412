"""Measurements that anybody can repeat: one file each, one shape of row for all. `./run bench NAME` runs one."""
