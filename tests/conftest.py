"""Hypothesis profiles: a moderate one by default, ``--hypothesis-profile=thorough`` for a long look, or ``quick``."""

from hypothesis import HealthCheck, settings

# A busy machine is no reason to fail: nothing here measures time.
settings.register_profile("default", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("default"), max_examples=20)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=2000)
settings.load_profile("default")
