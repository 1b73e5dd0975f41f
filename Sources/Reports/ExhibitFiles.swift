import Blocks
import Charts
import Files
import Markup

/// A file beside a page: the numbers or the drawing of one exhibit.
public struct PageFile: Sendable {
  /// Its name in the page's folder of files: letters, digits, `-`, `.` and `_`; a digest in it stands for what it holds.
  public let name: String
  /// What a link to it says, such as `CSV` or `SVG (a)`.
  let label: String
  private let make: @Sendable () -> String

  init(_ name: String, _ label: String, _ make: @escaping @Sendable () -> String) {
    (self.name, self.label, self.make) = (name, label, make)
  }

  /// Its content, made when it is asked for: a page that is as it was needs none of them.
  public var bytes: [UInt8] { Array(make().utf8) }
}

/// The files of a page's exhibits, and the links that lead to them.
struct ExhibitFiles {
  /// The folder beside the page, such as `tour.files`.
  let folder: String
  let language: Language

  /// The folder's name beside the page of a report.
  static func folder(of report: String) -> String { name(report) + ".files" }

  /// The numbers of each exhibit as CSV, and its drawing as SVG.
  ///
  /// A file's name has a digest of everything that decides what it holds: the figure, the results that it shows and the
  /// program. So a file that is there is the right one, and those of two states of a page stand beside each other.
  ///
  /// - Parameters:
  ///   - figure: the figure without its links.
  ///   - keys: the keys of the results that it shows.
  func files(of exhibits: [Exhibit], id: String, figure: TrustedMarkup, keys: [String], version: String) -> [PageFile] {
    let parts = [version, language.rawValue] + keys + [figure.html]
    let seal = sha256(Array(parts.joined(separator: "\n").utf8)).hex.prefix(8)
    return exhibits.enumerated().flatMap { index, exhibit -> [PageFile] in
      let letter = exhibits.count > 1 ? FigureFrame.letter(index) : ""
      let name = Self.name(id) + (letter.isEmpty ? "" : "-" + letter)
      let panel = letter.isEmpty ? "" : " (\(letter))"
      let words = language.chartWords
      let numbers = PageFile("\(name)-\(seal).csv", "CSV" + panel) { exhibit.numbers(words).csv }
      switch exhibit.content {
      case .table: return [numbers]
      case .chart(let chart):
        return [
          numbers,
          PageFile("\(name)-\(seal).svg", "SVG" + panel) {
            PaperDrawing.svg(chart.svg(in: PlotContext(idPrefix: name, words: words)))
          },
        ]
      }
    }
  }

  /// A figure with the links to its files as its last line.
  func linked(_ figure: TrustedMarkup, to files: [PageFile]) -> TrustedMarkup {
    let end = "</figure>\n"
    guard !files.isEmpty, figure.html.hasSuffix(end) else { return figure }
    let links = MarkupWriter.make {
      $0.element("p", ["class": "note"]) { line in
        line.text(language("Files: ", "ファイル："))
        for (index, file) in files.enumerated() {
          if index > 0 { line.text(" ") }
          line.element("a", ["href": folder + "/" + file.name], text: file.label)
        }
      }
      $0.newLine()
    }
    let body = String(decoding: figure.html.utf8.dropLast(end.utf8.count), as: UTF8.self)
    return TrustedMarkup(verbatim: body + links.html + end)
  }

  /// An id as a name that every file system and every address takes: what is not plain becomes its number.
  static func name(_ id: String) -> String {
    id.unicodeScalars.map { scalar in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-")
      return isPlain ? String(scalar) : "_" + String(scalar.value, radix: 16)
    }.joined()
  }
}
