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
    /// <summary>Of a member's settings.</summary>
    public static PortSettings Of(ZabSettings settings) => new(
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
        settings.MaxOutstandingBytes);

    /// <summary>
    /// The words of a list of names, <c>*</c> being all that can be answered. Unknown names mean nothing.
    /// </summary>
    public static IReadOnlyList<FourLetterWord> WordsOf(IReadOnlyList<string> names)
        => [.. Enum.GetValues<FourLetterWord>()
            .Where(word => names.Contains("*") || names.Contains(FourLetterWords.NameOf(word)))];
}
