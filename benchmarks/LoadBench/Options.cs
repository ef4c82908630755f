namespace FaultTolerance.Benchmarks;

/// <summary><c>--name value</c> pairs.</summary>
internal sealed class Options(string[] args)
{
    public int Port => (int)Number("port", 0);

    public string Text(string name) => args[Array.IndexOf(args, "--" + name) + 1];

    public double Number(string name, double otherwise)
    {
        var at = Array.IndexOf(args, "--" + name);
        return at < 0 ? otherwise : double.Parse(args[at + 1]);
    }
}
