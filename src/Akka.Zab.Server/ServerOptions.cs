namespace Akka.Zab.Server;

/// <summary>What <c>zab server</c> was asked for.</summary>
/// <param name="ConfigFile">The HOCON file.</param>
/// <param name="Data">The data folder, or null for the configured one.</param>
/// <param name="Sets">Single settings, as <c>path=value</c>.</param>
/// <param name="Log">Where the log goes, or null for standard output.</param>
/// <param name="UntilInputEnds">Stop when standard input ends.</param>
internal sealed record ServerOptions(
    string ConfigFile, string? Data, IReadOnlyList<string> Sets, string? Log, bool UntilInputEnds);
