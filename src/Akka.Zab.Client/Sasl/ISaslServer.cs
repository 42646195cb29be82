namespace Akka.Zab.Client.Sasl;

/// <summary>The server's end of a mechanism, for one client.</summary>
internal interface ISaslServer : IDisposable
{
    /// <summary>Takes the client's next token.</summary>
    SaslStep Take(ReadOnlySpan<byte> token);
}
