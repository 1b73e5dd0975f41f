/// The words that a page has around what its author wrote, in the page's language.
public struct MarkdownWords: Sendable, Hashable {
  /// The kinds of callouts by the word in `> [!NOTE]`, in small letters, and their titles.
  var callouts = ["note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning", "caution": "Caution"]
  /// What a ticked box of a list says to those who do not see it.
  var done = "done"
  /// What an empty one says.
  var open = "to do"
  /// The link from a footnote to its place.
  var backToText = "back to the text"
  /// The heading of the list of works.
  var references = "References"

  /// The English words.
  public static let english = MarkdownWords()

  /// The Japanese words.
  public static let japanese: MarkdownWords = {
    var words = MarkdownWords()
    words.callouts = ["note": "注", "tip": "ヒント", "important": "重要", "warning": "警告", "caution": "注意"]
    words.done = "済み"
    words.open = "未了"
    words.backToText = "本文に戻る"
    words.references = "参考文献"
    return words
  }()
}
