using FaultTolerance.Artefacts.Metrics;

namespace FaultTolerance.Tests.Artefacts.Metrics;

public sealed class ExpositionTests
{
    [Theory]
    [InlineData("up 1", "up", 1)]
    [InlineData("up\t1.5 1700000000000", "up", 1.5)]
    [InlineData("vllm:running{model=\"a b\"} 2", "vllm:running{model=\"a b\"}", 2)]
    [InlineData("odd{path=\"/{id} 7\"} 3e2 17", "odd{path=\"/{id} 7\"}", 300)]
    [InlineData("gone NaN", "gone", double.NaN)]
    [InlineData("cap +Inf", "cap", double.PositiveInfinity)]
    [InlineData("""vllm_requests_total{model="m"} 5 # {trace_id="6c1011d3"} 1.0 1700000000.123""", """vllm_requests_total{model="m"}""", 5)]
    [InlineData("""vllm_plain_total 7 # {trace_id="ab"} 0.5""", "vllm_plain_total", 7)]
    [InlineData("""running{model="a}b\"c\\d",x="\n"} 3""", """running{model="a}b\"c\\d",x="\n"}""", 3)]
    [InlineData("""{"http.server.requests",method="GET"} 9""", """{"http.server.requests",method="GET"}""", 9)]
    public void Sample_reads_series_and_value(string line, string series, double value) =>
        Assert.Equal((series, value), Exposition.Sample(line));

    [Theory]
    [InlineData("")]
    [InlineData("# HELP up Whether it is.")]
    [InlineData("up")]
    [InlineData("up one")]
    [InlineData("up{a=\"b\" 1")]
    [InlineData("# EOF")]
    public void Sample_of_anything_else_is_none(string line) => Assert.Null(Exposition.Sample(line));

    [Theory]
    [InlineData("queue{pod=\"a\"}", "queue", true)]
    [InlineData("queue{pod=\"a\"}", "queue{pod=\"a\"}", true)]
    [InlineData("queue{pod=\"a\"}", "queue{pod=\"b\"}", false)]
    [InlineData("queue", "que", false)]
    [InlineData("{\"http.server\",a=\"b\"}", "http.server", true)]
    public void Matches_by_name_or_by_the_whole_series(string series, string asked, bool matches) =>
        Assert.Equal(matches, Exposition.Matches(series, asked));
}
