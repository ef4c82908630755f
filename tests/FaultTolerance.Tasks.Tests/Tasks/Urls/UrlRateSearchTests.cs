using FaultTolerance.Artefacts;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;
using FaultTolerance.Tasks.Urls;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace FaultTolerance.Tests.Tasks.Urls;

/// <summary><c>--goodput</c>, <c>--find-rate</c> and its options.</summary>
public sealed class UrlRateSearchTests
{
    [Fact]
    public void Over_goodput_alone_is_the_load_s_and_makes_it_stream()
    {
        var load = Search(("Goodput", "ttft=500ms;latency=3")).Over(new LoadSpec());

        Assert.Equal(new GoodputLimits { Ttft = 0.5, Latency = 3 }, load.Goodput);
        Assert.True(load.Stream);
        Assert.Null(load.RateSearch);
        Assert.False(Search(("Goodput", "latency=3")).Over(new LoadSpec()).Stream);
    }

    [Fact]
    public void Over_search_has_what_is_given_and_the_rest_as_ever()
    {
        var load = Search(
            ("FindRate", "true"), ("Goodput", "latency=2s share=0.99"), ("Rates", "2-50.5"), ("FindSteps", "9"), ("FindTime", "600"),
            ("StepTime", "5"), ("StepWarmUp", "0")).Over(new LoadSpec());

        Assert.Equal(new RateSearchSpec
        {
            Share = 0.99, From = 2, To = 50.5, Steps = 9, Limit = TimeSpan.FromMinutes(10), StepTime = TimeSpan.FromSeconds(5),
            WarmUp = TimeSpan.Zero,
        }, load.RateSearch);
    }

    [Fact]
    public void Over_load_of_the_file_that_searches_keeps_its_search()
    {
        var file = new LoadSpec { Goodput = new GoodputLimits { Latency = 1 }, RateSearch = new RateSearchSpec { Steps = 5, To = 9 } };

        Assert.Equal(file.RateSearch, Search().Over(file).RateSearch);
        Assert.Equal(file.RateSearch with { Steps = 7 }, Search(("FindSteps", "7")).Over(file).RateSearch);
    }

    [Theory]
    [InlineData("Goodput", "tfft=1", "not 'tfft=1'")]
    [InlineData("Goodput", "ttft=fast", "not 'ttft=fast'")]
    [InlineData("Goodput", "ttft=0", "not 'ttft=0'")]
    [InlineData("Goodput", "ttft=1;ttft=2", "each once, not 'ttft=2'")]
    [InlineData("Goodput", "ttft=1;share=1.5", "not 'share=1.5'")]
    [InlineData("Goodput", "share=0.9", "at least one of ttft=, itl= and latency=")]
    [InlineData("Rates", "5", "--rates takes the lowest and the highest rate")]
    [InlineData("Rates", "9-3", "--rates takes the lowest and the highest rate")]
    [InlineData("Rates", "0-3", "--rates takes the lowest and the highest rate")]
    [InlineData("FindSteps", "1", "--find-steps takes a whole number from 2 to 100, not '1'")]
    [InlineData("StepTime", "0", "--step-time takes seconds, more than 0")]
    [InlineData("FindTime", "soon", "--find-time takes seconds, more than 0")]
    [InlineData("StepWarmUp", "-1", "--step-warm-up takes seconds, from 0")]
    public void Over_option_that_is_wrong_is_one_message(string option, string value, string told)
    {
        var given = new Dictionary<string, string> { ["FindRate"] = "true", ["Goodput"] = "latency=1", [option] = value };

        var e = Assert.Throws<FaultMatrixException>(() => Search([.. given.Select(one => (one.Key, one.Value))]).Over(new LoadSpec()));

        Assert.Equal("FT0126", e.Code);
        Assert.Contains(told, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Rates", "1-9", "--rates is of --find-rate")]
    [InlineData("Goodput", "ttft=1 share=0.9", "share= is of --find-rate")]
    [InlineData("FindRate", "true", "nothing says what is good; give --goodput")]
    public void Over_option_that_lacks_another_is_refused(string option, string value, string told)
    {
        var e = Assert.Throws<FaultMatrixException>(() => Search((option, value)).Over(new LoadSpec()));

        Assert.Equal("FT0126", e.Code);
        Assert.Contains(told, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_load_that_no_step_can_be_is_refused()
    {
        var search = Search(("FindRate", "true"), ("Goodput", "latency=1"));
        LoadSpec[] loads =
        [
            new() { Sessions = new SessionSpec(3) }, new() { Continuity = true }, new() { Sweep = [new LoadVariant("rate-1", new LoadSpec())] },
            new() { Trace = new TraceSpec(new WorkFile("t", "", 1), 1, 1), Mode = LoadMode.Open },
        ];

        Assert.All(loads, load => Assert.Equal("FT0126", Assert.Throws<FaultMatrixException>(() => search.Over(load)).Code));
    }

    [Fact]
    public void Catalog_without_an_address_refuses_them()
    {
        var item = new TaskItem("address");
        item.SetMetadata("FindRate", "true");

        var e = Assert.Throws<FaultMatrixException>(() => UrlOptions.Of(item).Catalog("scenarios.json", false, "", "", ""));

        Assert.Equal("FT0126", e.Code);
    }

    private static UrlRateSearch Search(params (string Name, string Value)[] options)
    {
        var item = new TaskItem("address");
        foreach (var (name, value) in options)
        {
            item.SetMetadata(name, value);
        }

        return UrlRateSearch.Of(item);
    }
}
