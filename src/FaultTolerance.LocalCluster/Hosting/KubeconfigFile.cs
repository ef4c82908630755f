using System.Text;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>Writes kubeconfig files: whole or not at all, readable by the owner alone.</summary>
internal static class KubeconfigFile
{
    /// <summary>Writes the file. FT3004 when it cannot be written.</summary>
    public static async Task WriteAsync(string file, string server, string authorityPem, string token, string @namespace, CancellationToken cancellation)
    {
        var text =
            $"""
            apiVersion: v1
            kind: Config
            current-context: faultmatrix-local
            clusters:
            - name: faultmatrix-local
              cluster:
                server: {server}
                certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem))}
            contexts:
            - name: faultmatrix-local
              context:
                cluster: faultmatrix-local
                user: kubernetes-admin
                namespace: {@namespace}
            users:
            - name: kubernetes-admin
              user:
                token: {token}

            """;
        var beside = $"{file}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            await using (var stream = new FileStream(beside, options))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
            }

            File.Move(beside, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new UserError("FT3004", $"the kubeconfig {file} cannot be written: {e.Message}");
        }
    }
}
