"""本区之窗: what district and street tell everybody below."""
