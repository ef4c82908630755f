using FaultTolerance.Reference;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>Writes the files that are generated from the code, where they are not as they should be.</summary>
public sealed class WriteReference : AsyncTask
{
    /// <summary>The repository's root.</summary>
    [Required]
    public string Root { get; set; } = "";

    /// <summary>The files that were written, by their paths from the root.</summary>
    [Output]
    public string[] Written { get; set; } = [];

    /// <inheritdoc/>
    protected override System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        Written = [.. ReferenceFiles.WriteTo(Root)];
        foreach (var file in Written)
        {
            Log.LogMessage(MessageImportance.High, "{0}", $"{file} written.");
        }

        return System.Threading.Tasks.Task.CompletedTask;
    }
}
