using FaultTolerance.Artefacts;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Scenarios;

public sealed class RateSearchSpecTests
{
    private static readonly RateSearchSpec Spec = new();

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(7.25)]
    [InlineData(1000)]
    public void Step_is_an_open_loop_of_that_rate_and_length(double rate)
    {
        var load = Spec.Step(new LoadSpec { Clients = 10, RateSearch = Spec }, rate, 3);

        Assert.Equal(LoadMode.Open, load.Mode);
        Assert.Equal(rate, load.RatePerClient * load.Clients, 9);
        Assert.InRange(load.Planned / rate, 12, (12 * 1.06) + (1 / rate));
        Assert.Equal((TimeSpan.FromSeconds(2), null), (load.WarmUp, load.RateSearch));
    }

    [Fact]
    public void Step_of_a_very_low_rate_lasts_until_a_request_comes_after_the_warm_up() =>
        Assert.Equal(2, Spec.Step(new LoadSpec { Clients = 10 }, 0.01, 1).Planned);

    [Fact]
    public void Step_asks_other_prompts_each_time() =>
        Assert.Equal(3, Enumerable.Range(1, 3).Select(number => Spec.Step(new LoadSpec(), 5, number).Seed).Distinct().Count());

    [Theory]
    [InlineData("""{ "share": 0.9, "from": 2, "to": 80, "steps": 8, "limit": 60, "stepTime": 4, "warmUp": 1, "precision": 0.1 }""", null)]
    [InlineData("""{ "from": 5, "to": 5 }""", "'from' must be below 'to'")]
    [InlineData("""{ "share": 0 }""", "'share' is 0")]
    [InlineData("""{ "step": 3 }""", "unknown key 'step'")]
    public void Read_search_of_the_file(string search, string? wrong) => Read($"\"goodput\": {{ \"latency\": 1 }}, \"findRate\": {search}", wrong);

    [Theory]
    [InlineData("\"findRate\": {}", "'findRate' looks for where the goodput holds; say its limits under 'goodput'")]
    [InlineData("\"findRate\": {}, \"goodput\": { \"latency\": 1 }, \"ratePerClient\": 3", "'ratePerClient' does not go with 'findRate'")]
    [InlineData("\"findRate\": {}, \"goodput\": { \"latency\": 1 }, \"sessions\": { \"turns\": 3 }", "'sessions' does not go with 'findRate'")]
    public void Read_search_that_the_load_contradicts_is_told(string load, string wrong) => Read(load, wrong);

    private static void Read(string load, string? wrong)
    {
        var text = $$"""{ "deployments": {}, "failures": {}, "loads": { "l": { {{load}} } }, "profiles": { "quick": { "load": "l" } } }""";
        ScenarioCatalog Parse() => ScenarioFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), Path.GetFullPath("scenarios.json"));
        if (wrong is not null)
        {
            Assert.Contains(wrong, Assert.Throws<ScenarioFileException>(Parse).Message, StringComparison.Ordinal);
            return;
        }

        var read = Assert.Single(Parse().ForUrl(new UrlTarget("http://h"), null, null).All).Load.RateSearch;
        Assert.Equal(new RateSearchSpec
        {
            Share = 0.9, From = 2, To = 80, Steps = 8, Limit = TimeSpan.FromMinutes(1), StepTime = TimeSpan.FromSeconds(4),
            WarmUp = TimeSpan.FromSeconds(1), Precision = 0.1,
        }, read);
    }
}
