using Akka.Zab.Client;

namespace Akka.Zab.Extensions;

/// <summary>
/// The application's client, from the service provider. A <see cref="ZabClient"/> is its session, and no session lives
/// for ever: ask here whenever you need one, and keep it only for as long as what you hold in it.
/// </summary>
/// <remarks>Do not dispose of the client: it is shared, and closed when the host stops.</remarks>
public interface IZabClientProvider
{
    /// <summary>
    /// The client of the moment; null before the first connection, and from the end of a session to the next one.
    /// </summary>
    ZabClient? Current { get; }

    /// <summary>A client whose session has not ended; it is connected now, if there is none.</summary>
    /// <param name="cancellation">Stops the waiting; the connection is still made for others.</param>
    /// <exception cref="ObjectDisposedException">The host has stopped.</exception>
    /// <exception cref="OperationTimeoutException">
    /// No server was serving within <see cref="ZabOptions.ConnectTimeout"/>; the next call tries again.
    /// </exception>
    /// <exception cref="AuthFailedException">The credentials were refused.</exception>
    ValueTask<ZabClient> GetAsync(CancellationToken cancellation = default);
}
