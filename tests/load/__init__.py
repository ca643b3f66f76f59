"""Measurements that load the real stack."""
