using FaultTolerance.LocalCluster.Hosting;

namespace FaultTolerance.LocalCluster.Tests.Hosting;

public class ClusterOptionsTests
{
    [Fact]
    public void Parse_reads_every_option_in_both_spellings()
    {
        var folder = Path.GetTempPath();

        var options = ClusterOptions.Parse([
            "--data",
            "d",
            "--kubeconfig=k",
            "--port",
            "0",
            "--namespace=a",
            "--namespace",
            "b",
            $"--image=x/y:1={folder}",
            "--until-stdin-closes",
        ]);

        Assert.Equal(
            (Path.GetFullPath("d"), Path.GetFullPath("k"), 0, true),
            (options.DataDirectory, options.Kubeconfig, options.Port, options.UntilStandardInputCloses)
        );
        Assert.Equal(["a", "b"], options.Namespaces);
        Assert.Equal(Path.GetFullPath(folder), options.Images["x/y:1"]);
    }

    [Theory]
    [InlineData("FT3001: --data DIR is missing", "--kubeconfig", "k")]
    [InlineData("FT3001: --kubeconfig FILE is missing", "--data", "d")]
    [InlineData("FT3001: --data needs a value", "--data")]
    [InlineData("FT3001: unknown option --dat", "--dat", "x")]
    [InlineData("FT3001: --port 70000", "--port", "70000")]
    [InlineData("FT3001: --port -1", "--port", "-1")]
    [InlineData("FT3001: --namespace Big", "--namespace", "Big")]
    [InlineData("FT3001: --image x", "--image", "x")]
    [InlineData("FT3002: --image x", "--image", "x=/nowhere/at/all")]
    [InlineData("FT3002: --manifest", "--manifest", "/nowhere/at/all.yaml")]
    public void Parse_refuses_with_one_line(string message, params string[] arguments)
    {
        var error = Assert.Throws<UserError>(() => ClusterOptions.Parse(arguments));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
