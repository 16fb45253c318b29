"""Tests of the page of the audit trail."""
