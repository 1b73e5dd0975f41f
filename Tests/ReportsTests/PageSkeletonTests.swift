import Reports
import TestSupport
import Testing

/// The page around the text, with every sample drawing on it.
struct PageSkeletonTests {
  @Test func parsesAsXMLWithUniqueIds() {
    let html = Gallery.page().html()
    let reader = PageReader(html)
    #expect(reader.isWellFormed)
    #expect(Set(reader.ids).count == reader.ids.count)
    #expect(Set(reader.references).isSubset(of: Set(reader.ids)))
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(html == Gallery.page().html())
  }

  @Test func loadsNothing() {
    let reader = PageReader(Gallery.page().html())
    #expect(reader.elements["link"] == nil && reader.elements["script"] == 1)
    #expect(reader.externalResources == [])
    #expect(!PageStyle.css.contains("url(") && !PageStyle.css.contains("@import"))
  }

  @Test func styleStaysSmall() {
    #expect(PageStyle.css.utf8.count <= 12_288, "\(PageStyle.css.utf8.count)")
    #expect(!PageStyle.css.contains("<") && !PageStyle.css.contains("&"))
  }

  @Test func titleAndManifestCannotBreakOut() {
    var page = PageSkeleton(title: "</title><script>alert(1)</script>", body: "<p>x</p>")
    page.authors = ["<b>A</b>"]
    page.date = "2026-11-21T00:00"
    page.language = "ja\"><script>"
    page.manifest = "{\"a\":\"</script><script>alert(1)</script>\"}"
    let html = page.html()
    let reader = PageReader(html)
    #expect(reader.isWellFormed)
    #expect(reader.elements["script"] == 1)
    #expect(html.contains("\\u003c/script\\u003e"))
    #expect(!html.contains("datetime"))
  }
}
