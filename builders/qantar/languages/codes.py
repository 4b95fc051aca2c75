"""Language codes of ISO 639-1 with their English names, and what others were meant for."""

from __future__ import annotations

_CODES = """
aa Afar | ab Abkhazian | ae Avestan | af Afrikaans | ak Akan | am Amharic | an Aragonese | ar Arabic | as Assamese | av
Avaric | ay Aymara | az Azerbaijani | ba Bashkir | be Belarusian | bg Bulgarian | bi Bislama | bm Bambara | bn Bengali |
bo Tibetan | br Breton | bs Bosnian | ca Catalan | ce Chechen | ch Chamorro | co Corsican | cr Cree | cs Czech | cu
Church Slavic | cv Chuvash | cy Welsh | da Danish | de German | dv Dhivehi | dz Dzongkha | ee Ewe | el Greek | en
English | eo Esperanto | es Spanish | et Estonian | eu Basque | fa Persian | ff Fulah | fi Finnish | fj Fijian | fo
Faroese | fr French | fy Western Frisian | ga Irish | gd Scottish Gaelic | gl Galician | gn Guarani | gu Gujarati | gv
Manx | ha Hausa | he Hebrew | hi Hindi | ho Hiri Motu | hr Croatian | ht Haitian Creole | hu Hungarian | hy Armenian | hz
Herero | ia Interlingua | id Indonesian | ie Interlingue | ig Igbo | ii Sichuan Yi | ik Inupiaq | io Ido | is Icelandic
| it Italian | iu Inuktitut | ja Japanese | jv Javanese | ka Georgian | kg Kongo | ki Kikuyu | kj Kuanyama | kk Kazakh |
kl Kalaallisut | km Khmer | kn Kannada | ko Korean | kr Kanuri | ks Kashmiri | ku Kurdish | kv Komi | kw Cornish | ky
Kirghiz | la Latin | lb Luxembourgish | lg Ganda | li Limburgan | ln Lingala | lo Lao | lt Lithuanian | lu Luba-Katanga
| lv Latvian | mg Malagasy | mh Marshallese | mi Maori | mk Macedonian | ml Malayalam | mn Mongolian | mr Marathi | ms
Malay | mt Maltese | my Burmese | na Nauru | nb Norwegian Bokmål | nd North Ndebele | ne Nepali | ng Ndonga | nl Dutch |
nn Norwegian Nynorsk | no Norwegian | nr South Ndebele | nv Navajo | ny Nyanja | oc Occitan | oj Ojibwa | om Oromo | or
Odia | os Ossetian | pa Panjabi | pi Pali | pl Polish | ps Pushto | pt Portuguese | qu Quechua | rm Romansh | rn Rundi |
ro Romanian | ru Russian | rw Kinyarwanda | sa Sanskrit | sc Sardinian | sd Sindhi | se Northern Sami | sg Sango | si
Sinhala | sk Slovak | sl Slovenian | sm Samoan | sn Shona | so Somali | sq Albanian | sr Serbian | ss Swati | st
Southern Sotho | su Sundanese | sv Swedish | sw Swahili | ta Tamil | te Telugu | tg Tajik | th Thai | ti Tigrinya | tk
Turkmen | tl Tagalog | tn Tswana | to Tonga | tr Turkish | ts Tsonga | tt Tatar | tw Twi | ty Tahitian | ug Uyghur | uk
Ukrainian | ur Urdu | uz Uzbek | ve Venda | vi Vietnamese | vo Volapük | wa Walloon | wo Wolof | xh Xhosa | yi Yiddish |
yo Yoruba | za Zhuang | zh Chinese | zu Zulu
"""
#: English name of each of the 183 two-letter codes.
ISO_639_1: dict[str, str] = dict(entry.split(maxsplit=1) for entry in " ".join(_CODES.split()).split(" | "))
#: Codes that are none of a language, most of them of countries, and the language that is meant.
_MEANT = {
    "al": "sq", "at": "de", "by": "be", "cn": "zh", "cz": "cs", "dk": "da", "gb": "en", "ge": "ka", "gr": "el", "il": "he", "ir": "fa",
    "iw": "he", "ji": "yi", "jp": "ja", "jw": "jv", "kz": "kk", "md": "ro", "mo": "ro", "pk": "ur", "rs": "sr", "sh": "sr", "tj": "tg",
    "tm": "tk", "ua": "uk", "us": "en", "vn": "vi",
}  # fmt: skip
_BY_NAME = {name.lower(): code for code, name in ISO_639_1.items()}


def tag_meant(tag: str) -> str | None:
    """The BCP-47 tag that a wrong one was probably meant for: `kk` of `kz`, `ru-KZ` of `RU_kz`, `uk` of `Ukrainian`."""
    first, *rest = tag.strip().replace("_", "-").split("-")
    code = first.lower()
    found = code if code in ISO_639_1 or code in ("mul", "zxx", "und") else _MEANT.get(code) or _BY_NAME.get(code)
    return None if found is None else "-".join([found, *map(_subtag, rest)])


def _subtag(part: str) -> str:
    """A subtag in its usual letters: a script of four with a capital, a region of two in capitals."""
    return part.title() if len(part) == 4 else part.upper() if len(part) == 2 else part.lower()
