"""In-year monitoring (双监控): quarterly reports turned into alerts as they come."""

from jmrules.inference.monitor.events import Event, MonitorError
from jmrules.inference.monitor.session import Alert, Change, MonitorSession

__all__ = ["Alert", "Change", "Event", "MonitorError", "MonitorSession"]
