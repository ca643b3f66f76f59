from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xoplatform.settings")
application = get_wsgi_application()
# What is loaded by now stays: the collector need not look through it again and again.
gc.collect()
gc.freeze()
