using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Scenarios;

public sealed class TrialTests
{
    private static ScenarioCatalog Catalog => ScenarioFile.Load(RepositoryFiles.Scenarios, RepositoryFiles.NoManifests);

    [Theory]
    [InlineData("agg-tp-1-dp-1-frontend", "agg-tp-1-dp-1-frontend", 1)]
    [InlineData("agg-tp-1-dp-1-frontend.2", "agg-tp-1-dp-1-frontend", 2)]
    [InlineData("agg-tp-1-dp-1-frontend.100", "agg-tp-1-dp-1-frontend", 100)]
    [InlineData("a.1", "a.1", 1)]
    [InlineData("a.02", "a.02", 1)]
    [InlineData("a.101", "a.101", 1)]
    [InlineData("a.", "a.", 1)]
    [InlineData(".2", ".2", 1)]
    [InlineData("a.b", "a.b", 1)]
    [InlineData("", "", 1)]
    public void Split_takes_only_what_Of_writes(string name, string row, int trial)
    {
        Assert.Equal((row, trial), TrialName.Split(name));
        Assert.Equal(name, TrialName.Of(row, trial));
    }

    [Fact]
    public void Of_tries_each_row_once_a_round_in_an_order_that_the_seed_decides()
    {
        var rows = Catalog.Select(["agg-tp-1-dp-1-*"]);

        var order = TrialOrder.Of(rows, 3, seed: 7).Select(scenario => scenario.Name).ToList();

        Assert.Equal(order, TrialOrder.Of(rows, 3, seed: 7).Select(scenario => scenario.Name));
        Assert.NotEqual(order, TrialOrder.Of(rows, 3, seed: 8).Select(scenario => scenario.Name));
        Assert.Equal(rows.Length * 3, order.Distinct(StringComparer.Ordinal).Count());
        var rounds = order.Chunk(rows.Length).ToList();
        Assert.All(rounds, round =>
            Assert.Equal(
                rows.Select(row => row.Name).Order(StringComparer.Ordinal),
                round.Select(name => TrialName.Split(name).Row).Order(StringComparer.Ordinal)
            )
        );
        Assert.True(
            rounds
                .Select(round => string.Join(' ', round.Select(name => TrialName.Split(name).Row)))
                .Distinct(StringComparer.Ordinal)
                .Count() > 1,
            "Every round has the same order."
        );
    }

    [Fact]
    public void Of_names_of_trials_is_the_same_order_again()
    {
        var catalog = Catalog;
        var order = TrialOrder.Of(catalog.Select(["agg-tp-1-dp-1-*"]), 4, seed: 3).Select(scenario => scenario.Name).ToList();

        Assert.Equal(order, TrialOrder.Of(catalog.Select(order), 4, seed: 3).Select(scenario => scenario.Name));
    }

    [Fact]
    public void Of_one_trial_keeps_the_order_of_the_file()
    {
        var rows = Catalog.Matrix;

        Assert.Equal(rows, TrialOrder.Of(rows, 1, seed: 9));
    }

    [Fact]
    public void Select_of_a_trial_gives_it_a_graph_and_random_numbers_of_its_own()
    {
        var catalog = Catalog;
        var first = Assert.Single(catalog.Select(["agg-tp-1-dp-1-frontend"]));

        var third = Assert.Single(catalog.Select(["agg-tp-1-dp-1-frontend.3"]));

        Assert.Equal(("agg-tp-1-dp-1-frontend.3", "agg-tp-1-dp-1-frontend", 3), (third.Name, third.RowName, third.Trial));
        Assert.NotEqual(first.GraphName, third.GraphName);
        Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", third.GraphName);
        Assert.NotEqual(first.Load.Seed, third.Load.Seed);
        Assert.Equal(first.Checks, third.Checks);
    }

    [Fact]
    public void Select_of_a_trial_of_no_row_is_refused_by_its_name()
    {
        var error = Assert.Throws<ScenarioFileException>(() => Catalog.Select(["agg-tp-1-dp-1-frontent.2"]));

        Assert.Contains("agg-tp-1-dp-1-frontent.2", Assert.Single(error.Diagnostics).Message, StringComparison.Ordinal);
    }
}
