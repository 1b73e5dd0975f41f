import JSONText
import Results
import Testing

@Suite struct CSVTableTests {
  private func texts(_ json: String) throws -> [String: String] {
    let tables = CSVTable.tables(of: try JSON.parse(json))
    return Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0.text) })
  }

  @Test func arraysOfOneShapeShareATable() throws {
    let result = #"{"distance":[0.5,null,1.0],"score":0.87,"last_ratio":null,"other":[1,2,3],"short":[true]}"#
    #expect(
      try texts(result) == [
        "distance": "i,distance,other\r\n0,0.5,1\r\n1,,2\r\n2,1.0,3\r\n", "values": "score,last_ratio\r\n0.87,\r\n",
        "short": "i,short\r\n0,true\r\n",
      ])
  }

  @Test func matricesHaveTwoIndexColumns() throws {
    #expect(
      try texts(#"{"mat":[[1,0.5],[null,1]],"id":[[1,0.25],[null,1]]}"#) == [
        "mat": "i,j,mat,id\r\n0,0,1,1\r\n0,1,0.5,0.25\r\n1,0,,\r\n1,1,1,1\r\n"
      ])
  }

  @Test func nestedObjectsAreJoinedByDots() throws {
    #expect(
      try texts(#"{"mat":{"1":[0.1,0.2],"5":[0.3,0.4]},"id":{"1":[0.5,0.6]}}"#) == [
        "mat.1": "i,mat.1,mat.5,id.1\r\n0,0.1,0.3,0.5\r\n1,0.2,0.4,0.6\r\n"
      ])
  }

  @Test func listsOfObjectsAreTablesOfTheirOwn() throws {
    let result = """
      {"top":[{"layer":1,"r2":0.9,"sources":[{"dim":7,"contribution":0.5},{"dim":8,"contribution":0.1}]},
              {"layer":2,"extra":"x","sources":[{"dim":9,"contribution":0.2}]}],"empty":[]}
      """
    #expect(
      try texts(result) == [
        "top": "i,layer,r2,extra\r\n0,1,0.9,\r\n1,2,,x\r\n",
        "top.sources": "i,j,dim,contribution\r\n0,0,7,0.5\r\n0,1,8,0.1\r\n1,0,9,0.2\r\n",
        "empty": "i,empty\r\n",
      ])
  }

  @Test func topLevelListsAndOddShapesHaveAPlace() throws {
    #expect(try texts(#"[{"a":1},{"a":2}]"#) == ["": "i,a\r\n0,1\r\n1,2\r\n"])
    #expect(try texts("[1,2]") == ["value": "i,value\r\n0,1\r\n1,2\r\n"])
    #expect(try texts("7") == ["values": "value\r\n7\r\n"])
    #expect(try texts(#"{"ragged":[[1],[2,3]]}"#) == ["values": "ragged\r\n\"[[1],[2,3]]\"\r\n"])
    #expect(try texts("{}") == [:])
  }

  @Test func quotesAsRFC4180Says() {
    let cells: [JSONValue] = ["a,b", "say \"x\"", "two\r\nlines", "", nil, " lead", "plain", "=1+1"]
    let table = CSVTable(name: "t", columns: ["c,1"], rows: cells.map { [$0] })
    #expect(
      table.text
        == "\"c,1\"\r\n\"a,b\"\r\n\"say \"\"x\"\"\"\r\n\"two\r\nlines\"\r\n\"\"\r\n\r\n\" lead\"\r\nplain\r\n=1+1\r\n")
  }

  @Test func longFormHoldsEverything() throws {
    let table = CSVTable.long(of: try JSON.parse(#"{"score":0.5,"distance":[1,null],"top":[{"d":[3,4]}]}"#))
    #expect(
      table.text
        == "quantity,i,j,value\r\nscore,,,0.5\r\ndistance,0,,1\r\ndistance,1,,\r\ntop.d,0,0,3\r\ntop.d,0,1,4\r\n")
  }
}
