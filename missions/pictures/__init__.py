"""Pictures that editors upload: decoded and encoded anew, named by the hash of what is kept, in several sizes.

`names` says what a picture and its copies are called, `decoding` makes what is kept of an upload, and `keeping`
stores it. Who may see a picture is decided in `missions.views.pictures`, by the editions that hold it.
"""

from missions.pictures.names import BadPicture, Picture, PictureFile, is_picture

__all__ = ["BadPicture", "Picture", "PictureFile", "is_picture"]
