using FaultTolerance.Load.Workers;

namespace FaultTolerance.LoadJobs;

/// <summary>What goes into the Secret of a load: the plan, and the files that the load reads.</summary>
internal static class PlanFiles
{
    // What Kubernetes takes in a Secret.
    private const int MostBytes = 1 << 20;

    /// <summary>The files of a plan.</summary>
    /// <exception cref="FaultMatrixException">FT0522: they are too large for a Secret; FT0240: one cannot be read.</exception>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Of(WorkerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var files = new List<(string Name, byte[] Bytes)> { (WorkerPlan.FileName, plan.ToJson()) };
        foreach (var (name, file) in plan.Files)
        {
            try
            {
                files.Add((name, File.ReadAllBytes(file.Path)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new FaultMatrixException("FT0240", $"'{file.Path}' cannot be read: {e.Message}", e) { File = file.Path };
            }
        }

        var bytes = files.Sum(file => (long)file.Bytes.Length);
        return bytes <= MostBytes ? files : throw new FaultMatrixException(
            "FT0522",
            $"load '{plan.Load.Name}' cannot come from the cluster: its plan and files are {bytes} bytes, and a Secret holds {MostBytes}");
    }
}
