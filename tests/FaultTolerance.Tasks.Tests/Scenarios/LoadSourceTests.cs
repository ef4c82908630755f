namespace FaultTolerance.Scenarios;

public sealed class LoadSourceTests
{
    [Fact]
    public void Of_nothing_given_is_nothing() => Assert.Null(LoadSource.Of("", "", ""));

    [Theory]
    [InlineData("", "4", "", "--load-pods: of loads from the cluster")]
    [InlineData("here", "", "my/tool:2", "--load-image: of loads from the cluster")]
    [InlineData("", "4", "my/tool:2", "--load-pods and --load-image: of loads from the cluster")]
    public void Of_pods_without_the_cluster_is_refused(string from, string pods, string image, string words)
    {
        var error = Assert.Throws<FaultMatrixException>(() => LoadSource.Of(from, pods, image));

        Assert.Equal("FT0127", error.Code);
        Assert.StartsWith(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_takes_the_place_of_what_the_load_says_and_of_each_step_of_its_sweep()
    {
        var load = new LoadSpec { Sweep = [new LoadVariant("clients-4", new LoadSpec { Clients = 4, Pods = 2, PodImage = "old" })] };

        var changed = LoadSource.Of("cluster", "3", "my/tool:2")!.Over(load);

        Assert.Equal((3, "my/tool:2"), (changed.Pods, changed.PodImage));
        Assert.Equal((3, "my/tool:2"), (changed.Sweep[0].Load.Pods, changed.Sweep[0].Load.PodImage));
    }

    [Fact]
    public void Over_number_not_given_keeps_the_loads_own_or_takes_one_pod()
    {
        var source = LoadSource.Of("cluster", "", "")!;

        Assert.Equal((1, null), (source.Over(new()).Pods, source.Over(new()).PodImage));
        var own = source.Over(new() { Pods = 5, PodImage = "own" });
        Assert.Equal((5, "own"), (own.Pods, own.PodImage));
    }

    [Fact]
    public void Over_here_has_no_pods()
    {
        var load = LoadSource.Of("here", "", "")!.Over(new() { Pods = 5, PodImage = "own" });

        Assert.Equal((0, null), (load.Pods, load.PodImage));
    }

    [Fact]
    public void Differing_names_the_options_that_are_not_so()
    {
        Assert.Empty(LoadSource.Of("cluster", "", "")!.Differing(new() { Pods = 3 }));
        Assert.Equal([("load-from", "cluster", "here")], LoadSource.Of("cluster", "3", "")!.Differing(new()));
        Assert.Equal(
            [("load-pods", "4", "3"), ("load-image", "new", null)], LoadSource.Of("cluster", "4", "new")!.Differing(new() { Pods = 3 }));
    }

    [Fact]
    public void Over_both_has_pods_and_a_client_from_here_at_the_loads_own_rate_or_the_usual_one()
    {
        var source = LoadSource.Of("both", "2", "")!;

        Assert.Equal((2, 2d), (source.Over(new()).Pods, source.Over(new()).ProbeRate));
        Assert.Equal(0.5, source.Over(new() { Pods = 1, ProbeRate = 0.5 }).ProbeRate);
    }

    [Theory]
    [InlineData("cluster", 2)]
    [InlineData("here", 0)]
    public void Over_one_place_alone_has_no_client_beside_it(string from, int pods)
    {
        var load = LoadSource.Of(from, "", "")!.Over(new() { Pods = 2, ProbeRate = 5 });

        Assert.Equal((pods, 0d), (load.Pods, load.ProbeRate));
    }

    [Fact]
    public void Differing_both_is_neither_the_cluster_nor_here()
    {
        var both = LoadSource.Of("both", "", "")!;

        Assert.Empty(both.Differing(new() { Pods = 1, ProbeRate = 5 }));
        Assert.Equal([("load-from", "both", "cluster")], both.Differing(new() { Pods = 1 }));
        Assert.Equal([("load-from", "both", "here")], both.Differing(new()));
        Assert.Equal([("load-from", "cluster", "both")], LoadSource.Of("cluster", "", "")!.Differing(new() { Pods = 1, ProbeRate = 2 }));
    }
}
