namespace Akka.Zab.Server;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It was asked properly, but could not or would not; one sentence on standard error says why.</summary>
    public const int Refused = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;
}

/// <summary>The program refuses. The message is one sentence for whoever typed the command.</summary>
internal sealed class RefusedException(string message) : Exception(message);
