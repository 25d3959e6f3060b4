"""物业之窗: the property firm's and the owners' committee's open books."""
