using Akka.Zab.ZooKeeper.Words;

namespace Akka.Zab.ZooKeeper.Connections;

/// <summary>How the port is opened.</summary>
/// <param name="Host">The address or name to listen on.</param>
/// <param name="Port">0 takes a free one.</param>
/// <param name="MaxConnectionsPerAddress">0 is no limit.</param>
/// <param name="MaxConnections">In total; 0 is no limit.</param>
/// <param name="MaxOutstandingBytes">Of requests under way on all connections together.</param>
/// <param name="Words">The words that are answered.</param>
/// <param name="Limits">For each connection.</param>
internal sealed record PortSettings(
    string Host,
    int Port,
    int MaxConnectionsPerAddress,
    IReadOnlyList<FourLetterWord> Words,
    ConnectionLimits Limits,
    int MaxConnections = 0,
    long MaxOutstandingBytes = 256 << 20)
{
    /// <summary>Whether the port without TLS is opened.</summary>
    public bool Plain { get; init; } = true;

    /// <summary>The port with TLS; null if there is none.</summary>
    public (string Host, int Port, TlsOptions Options)? Tls { get; init; }

    /// <summary>Of a member's settings.</summary>
    /// <param name="settings">The member's.</param>
    /// <param name="tls">If there is a port with TLS.</param>
    public static PortSettings Of(ZabSettings settings, TlsOptions? tls = null) => new(
        settings.ClientHost,
        settings.ClientPort,
        settings.MaxConnectionsPerAddress,
        WordsOf(settings.FourLetterWords),
        new ConnectionLimits(
            MaxFrame: settings.MaxRequestBytes,
            MaxReply: settings.MaxReplyBytes,
            MaxRequests: settings.MaxOutstandingRequests,
            MaxRequestBytes: Math.Max(8 << 20, settings.MaxRequestBytes)),
        settings.MaxConnections,
        settings.MaxOutstandingBytes)
    {
        Plain = settings.ClientPortEnabled,
        Tls = tls is null ? null : (settings.TlsPort!.Host, settings.TlsPort.Port, tls),
    };

    /// <summary>
    /// The words of a list of names, <c>*</c> being all that can be answered. Unknown names mean nothing.
    /// </summary>
    public static IReadOnlyList<FourLetterWord> WordsOf(IReadOnlyList<string> names)
        => [.. Enum.GetValues<FourLetterWord>()
            .Where(word => names.Contains("*") || names.Contains(FourLetterWords.NameOf(word)))];
}
