namespace Akka.Zab.Client;

/// <summary>How things stand between a client and the ensemble.</summary>
public enum ConnectionState
{
    /// <summary>Looking for a server. The session may be alive; requests wait.</summary>
    Disconnected,

    /// <summary>Connected to a server, with the session.</summary>
    Connected,

    /// <summary>
    /// Connected to a server that has no leader, with a session that only this server knows: reads are answered, and may
    /// be out of date; whatever else is asked fails with <see cref="ZabError.NotReadOnly"/>. Only with
    /// <see cref="ZabClientOptions.AllowReadOnly"/>.
    /// </summary>
    ConnectedReadOnly,

    /// <summary>The session has expired: its ephemeral znodes are gone, and this client is of no more use.</summary>
    Expired,

    /// <summary>The client closed the session.</summary>
    Closed,
}

/// <summary>Told to the subscribers of a <see cref="ZabClient"/>: the connection is in another state.</summary>
/// <param name="State">The state it is in now.</param>
public sealed record ConnectionStateChanged(ConnectionState State);
