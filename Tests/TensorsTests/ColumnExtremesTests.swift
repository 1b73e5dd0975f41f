import Tensors
import Testing

@Suite struct ColumnExtremesTests {
  @Test func theFirstOfEqualsCounts() {
    let matrix = Matrix(rows: 4, columns: 3, values: [9, 9, 9, 1, -2, 0, 3, -2, 0, 3, 5, -1])
    let found = matrix.columnExtremes(rows: 1..<4)
    #expect(found.largest == [3, 5, 0] && found.largestRow == [1, 2, 0])
    #expect(found.smallest == [1, -2, -1] && found.smallestRow == [0, 0, 2])
  }

  @Test func extremesAndRanksOfRows() {
    let matrix = Matrix(rows: 2, columns: 4, values: [2, 5, 5, 1, 0, 0, 0, 0])
    let places = matrix.extremePlaces()
    #expect(places[0] == (1, 3) && places[1] == (0, 0))
    let ranks = matrix.ranks(ofColumns: [0, 3])
    #expect(ranks[0] == (3, 2) && ranks[1] == (1, 1))
  }
}
