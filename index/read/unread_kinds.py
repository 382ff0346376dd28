"""Kinds of files that are not read: what each is, and what its owner can do."""

from collections.abc import Mapping
from typing import Final

_UNPACK: Final = "unpack it, and give the folder"
_PLAYED: Final = "write down what is said in it, as .txt or .docx"
_PROGRAM: Final = "leave it out: a program's own files hold no article"
_WORKBOOK: Final = "open it in Excel, WPS or LibreOffice and save it as .xlsx, or as .csv"
_SLIDES: Final = "open it in PowerPoint, WPS or LibreOffice and save it as .pptx"
_TEXT_FILE: Final = "open it in LibreOffice Writer or Word and save it as .docx"
_PRINT: Final = "open it in its program and print it to a PDF with a text layer, or save it as .docx"

_KINDS: Final = (
    (".xls .xlt .xlsb .et .ett .ods .numbers .dbf", "workbooks of this kind are not read", _WORKBOOK),
    (".ppt .pps .dps .dpt .odp", "presentations of this kind are not read", _SLIDES),
    (".key", "Keynote presentations are not read", "export it from Keynote as .pptx"),
    (".pages", "Pages documents are not read", "export it from Pages as .docx"),
    (".odt .ott .fodt .wpd .wpt .dot .uof .uot", "text documents of this kind are not read", _TEXT_FILE),
    (".ceb .cebx .caj .kdh .nh .sep .gd", "pages of this kind are not read",
     "print them from their reader (Apabi, CAJViewer, SEP) to a PDF with a text layer"),
    (".vsd .vsdx .vss .dwg .dxf", "drawings are not read", "export it as a PDF with a text layer, if it bears text"),
    (".xps .oxps .djvu .ps .eps .ai .cdr .indd .idml .qxp .fit .mdi", "pages of this kind are not read", _PRINT),
    (".epub .mobi .azw3", "e-books are not read", "convert it to .html or .docx (calibre does)"),
    (".eml .msg", "e-mails are not read", "save the message's text as .txt or .html, and its attachments as files"),
    (".pst .ost .mbox", "mailboxes are not read", "save the messages that matter as .txt or .html"),
    (".webarchive .maff .url .lnk .webloc", "this is no page by itself", "open the page and save it as .html or .mhtml"),
    (".xml .rss .atom", "XML of unknown meaning is not read", "convert it to .jsonl, one article a line, or to .html"),
    (".yaml .yml .toml .ini .log .conf .cfg .lock", "files of this kind hold no articles",
     "leave it out; rename it to .txt if it does"),
    (".rst .adoc .org .tex .markdown .textile", "markup of this kind is not read", "convert it to .md or .html (pandoc does)"),
    (".mdb .accdb .sqlite .db .sql", "databases are not read", "export the tables with the articles as .csv or .jsonl"),
    (".parquet .arrow .feather .avro", "data files of this kind are not read", "export it as .jsonl, one article a line"),
    (".gif .bmp .webp .heic .heif .jp2 .psd .svg .raw", "pictures of this kind are not read",
     "save it as .png, .jpg or .tif, if it is a page"),
    (".mp3 .wav .m4a .amr .wma .aac .ogg .flac", "sound is not read", _PLAYED),
    (".mp4 .mov .avi .mkv .wmv .flv .webm .mpg .mpeg .3gp", "films are not read", _PLAYED),
    (".zip .rar .7z .tar .tgz .gz .bz2 .xz .zst .iso .cab", "archives are not opened", _UNPACK),
    (".exe .dll .msi .apk .jar .so .py .js .css .ttf .otf .woff .woff2", "programs and their parts are not read", _PROGRAM),
    (".tmp .bak .part .crdownload .swp", "unfinished files and copies are not read", "rename it to what it is, or leave it out"),
)  # fmt: skip
UNREAD_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    suffix: (what, remedy) for suffixes, what, remedy in _KINDS for suffix in suffixes.split()
}
"""Suffix → what is said of the kind, and the remedy."""
