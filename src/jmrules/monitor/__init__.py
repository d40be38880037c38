"""In-year monitoring (双监控): quarterly reports turned into alerts as they come."""

from jmrules.monitor.document import session_document
from jmrules.monitor.events import Event, MonitorError
from jmrules.monitor.session import Alert, Change, MonitorSession

__all__ = ["Alert", "Change", "Event", "MonitorError", "MonitorSession", "session_document"]
