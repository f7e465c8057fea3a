"""Words as search compares and marks them."""

from hypothesis import given
from hypothesis import strategies as st

from transparency.search.folding import enough, excerpt, folded, marked, trigrams, words

TEXT = st.text(alphabet=st.sampled_from("<>&\"' abcأبةتىـَ١2ال\u200f\n"), max_size=60)


def test_spellings_of_one_word_are_one() -> None:
    assert {folded(one) for one in ("المدرسةُ", "المَدرَسه", "المـدرسة", "«المدرسة»", "\u200fالمدرسة")} == {"المدرسه"}
    assert folded("École ١٢٣", "A_b") == "ecole 123 a b"


def test_a_query_is_words_only_and_not_endless() -> None:
    assert words("a:* | b & !c <-> d' a") == ["a", "b", "c", "d"]
    assert len(words(" ".join(f"w{n}" for n in range(50)))) == 8


def test_one_wrong_letter_leaves_enough_in_common() -> None:
    for right, wrong in (("khabour", "khabuor"), ("الخابور", "الخانور"), ("madrasa", "madrsa"), ("حلبي", "حلبيي")):
        grams = trigrams(folded(wrong))
        assert len(grams & trigrams(folded(right))) >= enough(grams)
    assert len(trigrams("crimson") & trigrams("khabour")) < enough(trigrams("crimson"))


def test_words_are_marked_as_they_stand() -> None:
    assert marked("المَدْرَسَةُ <b>الأولى</b>", words("مدرسة")) == "<mark>المَدْرَسَةُ</mark> &lt;b&gt;الأولى&lt;/b&gt;"
    assert marked("Schools & wells", words("school")) == "<mark>Schools</mark> &amp; wells"
    assert marked("nothing", []) == "nothing"


def test_an_excerpt_begins_shortly_before_what_was_found() -> None:
    said = excerpt("يوم " * 100 + "مدرسة " + "ليل " * 100, words("مدرسه"))
    assert "<mark>مدرسة</mark>" in said
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert len(said) < 300
    assert excerpt("short text", ["none"]) == "short text"


@given(text=TEXT, query=TEXT)
def test_marking_changes_no_letter_and_lets_no_sign_through(text: str, query: str) -> None:
    bare = str(marked(text, words(query))).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert ">" not in bare
    restored = bare
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        restored = restored.replace(entity, sign)
    assert restored == text
