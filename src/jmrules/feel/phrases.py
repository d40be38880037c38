"""How the less usual built-ins of FEEL, parts of dates and types are said; each form has its arguments in their places."""

from __future__ import annotations

#: by name and number of arguments
FORMS: dict[tuple[str, int], tuple[str, str]] = {
    ("distinct values", 1): ("{0}去重后", "distinct {0}"),
    ("list contains", 2): ("{0}中有{1}", "{1} among {0}"),
    ("contains", 2): ("{0}含有{1}", "{0} holds {1}"),
    ("starts with", 2): ("{0}以{1}开头", "{0} begins with {1}"),
    ("ends with", 2): ("{0}以{1}结尾", "{0} ends with {1}"),
    ("matches", 2): ("{0}符合样式{1}", "{0} is of the pattern {1}"),
    ("string", 1): ("{0}", "{0}"),
    ("string length", 1): ("{0}的字数", "length of {0}"),
    ("upper case", 1): ("{0}", "{0}"),
    ("lower case", 1): ("{0}", "{0}"),
    ("all", 1): ("{0}都成立", "all of {0}"),
    ("any", 1): ("{0}有一项成立", "any of {0}"),
    ("median", 1): ("{0}的中位数", "median of {0}"),
    ("mode", 1): ("{0}中最多见的", "most frequent of {0}"),
    ("product", 1): ("{0}连乘", "product of {0}"),
    ("stddev", 1): ("{0}的标准差", "standard deviation of {0}"),
    ("sqrt", 1): ("{0}的平方根", "square root of {0}"),
    ("modulo", 2): ("{0}除以{1}的余数", "remainder of {0} by {1}"),
    ("odd", 1): ("{0}是奇数", "{0} is odd"),
    ("even", 1): ("{0}是偶数", "{0} is even"),
    ("flatten", 1): ("{0}", "{0}"),
    ("reverse", 1): ("{0}倒序", "{0} reversed"),
    ("day of week", 1): ("{0}的星期", "day of the week of {0}"),
    ("month of year", 1): ("{0}的月份", "month of {0}"),
    ("day of year", 1): ("{0}在年内的第几日", "day of the year of {0}"),
    ("week of year", 1): ("{0}在年内的第几周", "week of the year of {0}"),
    ("years and months duration", 2): ("{0}至{1}的年月数", "years and months from {0} to {1}"),
    ("before", 2): ("{0}早于{1}", "{0} before {1}"),
    ("after", 2): ("{0}晚于{1}", "{0} after {1}"),
    ("is defined", 1): ("{0}已填", "{0} given"),
}
#: of dates, times and durations
MEMBERS: dict[str, tuple[str, str]] = {
    "year": ("年份", "year"),
    "month": ("月份", "month"),
    "day": ("日", "day"),
    "weekday": ("星期", "weekday"),
    "hour": ("时", "hour"),
    "minute": ("分", "minute"),
    "second": ("秒", "second"),
    "years": ("年数", "years"),
    "months": ("月数", "months"),
    "days": ("天数", "days"),
    "hours": ("小时数", "hours"),
    "minutes": ("分钟数", "minutes"),
    "seconds": ("秒数", "seconds"),
}
TYPES: dict[str, tuple[str, str]] = {
    "number": ("数", "a number"),
    "string": ("文本", "a text"),
    "boolean": ("是或否", "yes or no"),
    "date": ("日期", "a date"),
    "list": ("清单", "a list"),
    "context": ("一行数据", "a row"),
}
