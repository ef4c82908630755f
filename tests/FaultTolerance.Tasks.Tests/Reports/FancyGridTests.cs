using FaultTolerance.Reports;
using FaultTolerance.Results.Legacy;

namespace FaultTolerance.Tests.Reports;

public sealed class FancyGridTests
{
    public static TheoryData<string> Groups => [.. PublishedTables.Groups];

    [Theory]
    [MemberData(nameof(Groups))]
    public void Draw_published_rows_gives_the_published_bytes(string group)
    {
        var rows = PublishedTables.Rows(group);

        Assert.Equal(group.StartsWith("agg", StringComparison.Ordinal) ? 6 : 9, rows.Count);
        Assert.Equal(PublishedTables.Text(group), $"Test Group: {group}\n{FancyGrid.Draw(LegacyTable.Of(rows, violations: false))}");
    }

    [Fact]
    public void Draw_columns_without_a_value_are_centred()
    {
        const string Expected = """
            ╒═══════════╤═══════════╤═══════════╤══════════╤═══════════╤══════════╤═══════════╤═══════════╤════════════╕
            │  Failure  │   Startup │   Success │   Failed │  Success  │  Failed  │   Latency │  Latency  │  Recovery  │
            │           │           │    Before │   Before │   After   │  After   │    Before │   After   │            │
            ╞═══════════╪═══════════╪═══════════╪══════════╪═══════════╪══════════╪═══════════╪═══════════╪════════════╡
            │   none    │    180.00 │   1500.00 │     0.00 │    N/A    │   N/A    │      1.19 │    N/A    │    N/A     │
            ╘═══════════╧═══════════╧═══════════╧══════════╧═══════════╧══════════╧═══════════╧═══════════╧════════════╛

            """;

        Assert.Equal(
            Expected,
            FancyGrid.Draw(LegacyTable.Of([new LegacyRow("none", 180, 1500, 0, LatencyBefore: 1.19)], violations: false))
        );
    }

    [Fact]
    public void Draw_with_a_limit_has_two_more_columns()
    {
        const string Expected = """
            ╒═══════════╤═══════════╤═══════════╤══════════╤═══════════╤══════════╤═══════════╤═══════════╤══════════════╤══════════════╤════════════╕
            │  Failure  │   Startup │   Success │   Failed │   Success │   Failed │   Latency │   Latency │   Violations │   Violations │   Recovery │
            │           │           │    Before │   Before │     After │    After │    Before │     After │       Before │        After │            │
            """;
        var row = new LegacyRow("x", 1, 1, 1, 1, 1, 1, 1, 1) { ViolationsBefore = 1, ViolationsAfter = 1 };

        Assert.StartsWith(Expected, FancyGrid.Draw(LegacyTable.Of([row], violations: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_without_rows_has_centred_headers_only()
    {
        const string Expected = """
            ╒═══════════╤═══════════╤═══════════╤══════════╤═══════════╤══════════╤═══════════╤═══════════╤════════════╕
            │  Failure  │  Startup  │  Success  │  Failed  │  Success  │  Failed  │  Latency  │  Latency  │  Recovery  │
            │           │           │  Before   │  Before  │   After   │  After   │  Before   │   After   │            │
            ╞═══════════╪═══════════╪═══════════╪══════════╪═══════════╪══════════╪═══════════╪═══════════╪════════════╡
            ╘═══════════╧═══════════╧═══════════╧══════════╧═══════════╧══════════╧═══════════╧═══════════╧════════════╛

            """;

        Assert.Equal(Expected, FancyGrid.Draw(LegacyTable.Of([], violations: false)));
    }

    [Theory]
    [InlineData(0.125, "0.12")]
    [InlineData(0.375, "0.38")]
    [InlineData(1.005, "1.00")]
    [InlineData(2.675, "2.67")]
    [InlineData(1234567.0, "1234567.00")]
    [InlineData(double.NaN, "nan")]
    [InlineData(null, null)]
    public void Format_rounds_as_C_does(double? value, string? expected) => Assert.Equal(expected, TextTable.Format(value));

    [Fact]
    public void PipeTable_compatible_form_has_two_header_rows()
    {
        const string Expected = """
            |         Failure         |   Startup |   Success |   Failed |   Success |   Failed |   Latency |   Latency |   Recovery |
            |                         |           |    Before |   Before |     After |    After |    Before |     After |            |
            |:-----------------------:|----------:|----------:|---------:|----------:|---------:|----------:|----------:|-----------:|
            |          none           |    180.00 |   1500.00 |     0.00 |       N/A |      N/A |      1.19 |       N/A |        N/A |
            """;

        Assert.StartsWith(
            Expected,
            PipeTable.Draw(LegacyTable.Of(PublishedTables.Rows("agg-tp-1-dp-1"), violations: false), joinHeaders: false),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void PipeTable_joined_form_has_one_header_row()
    {
        var lines = PipeTable.Draw(LegacyTable.Of(PublishedTables.Rows("agg-tp-1-dp-1"), violations: false), joinHeaders: true).Split('\n');

        Assert.Contains("Success Before", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("|:--", lines[1], StringComparison.Ordinal);
        Assert.Single(lines.Select(line => line.Length).Where(length => length > 0).Distinct());
    }

    [Fact]
    public void Draw_counts_code_points_and_not_units_of_utf16() => Assert.Equal(
        """
        ╒═══════════╤══════╕
        │  Failure  │    N │
        ╞═══════════╪══════╡
        │ 😀😀😀😀😀😀😀😀é │ 1.00 │
        ╘═══════════╧══════╛

        """, FancyGrid.Draw(new TextTable(["Failure", "N"], [("😀😀😀😀😀😀😀😀é", ["1.00"])])));

    [Fact]
    public void Pipe_table_without_rows_has_dashes_only() => Assert.Equal(
        """
        |  Failure  |  Startup  |
        |-----------|-----------|

        """, PipeTable.Draw(new TextTable(["Failure", "Startup"], []), joinHeaders: false));
}
