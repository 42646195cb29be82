namespace Akka.Zab.Extensions;

/// <summary>Gives out locks by name: take it from the service provider.</summary>
public interface IZabLockProvider
{
    /// <summary>A lock that one has at a time, in the order in which they ask.</summary>
    /// <param name="name">Its name: any text; it may stand for an order, a customer, a file.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    IZabLock CreateLock(string name);

    /// <summary>A lock that many readers or one writer have.</summary>
    /// <param name="name">Its name; locks of different kinds have names of their own.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    IZabReaderWriterLock CreateReaderWriterLock(string name);

    /// <summary>A lock that so many have at a time.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="permits">How many, at least 1; the same for all who use it.</param>
    /// <exception cref="ArgumentException">The name is empty, or there is no permit.</exception>
    IZabLock CreateSemaphore(string name, int permits);
}

/// <summary>A lock that is held across processes.</summary>
public interface IZabLock
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Waits for the lock. Dispose of the result to let go.</summary>
    /// <param name="timeout">
    /// How long to wait while others have it; null for as long as it takes. A connection that has to be made first has
    /// a time of its own, <see cref="ZabOptions.ConnectTimeout"/>.
    /// </param>
    /// <param name="cancellation">Stops waiting, and leaves the line.</param>
    /// <remarks>
    /// A lost connection is no failure, nor is a session that ends while it waits: then it waits with the next one.
    /// </remarks>
    /// <exception cref="TimeoutException">Others had it for all that time.</exception>
    /// <exception cref="Client.OperationTimeoutException">
    /// No server was serving within <see cref="ZabOptions.ConnectTimeout"/>.
    /// </exception>
    /// <exception cref="Client.NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="Client.NoAuthException">The ACLs do not let this client stand in the line.</exception>
    /// <exception cref="ObjectDisposedException">The host has stopped.</exception>
    Task<IZabLockHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellation = default);

    /// <summary>Takes the lock if that is possible within a time.</summary>
    /// <param name="timeout">As for <see cref="AcquireAsync"/>; zero to take it only if it is free.</param>
    /// <param name="cancellation">Stops waiting, and leaves the line.</param>
    /// <returns>The lock, or null if others have it.</returns>
    /// <remarks>
    /// A lost connection is no failure, nor is a session that ends while it waits: then it waits with the next one.
    /// </remarks>
    /// <exception cref="Client.OperationTimeoutException">
    /// No server was serving within <see cref="ZabOptions.ConnectTimeout"/>.
    /// </exception>
    /// <exception cref="Client.NoNodeException">Somebody has deleted the place in the line.</exception>
    /// <exception cref="Client.NoAuthException">The ACLs do not let this client stand in the line.</exception>
    /// <exception cref="ObjectDisposedException">The host has stopped.</exception>
    Task<IZabLockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellation = default);
}

/// <summary>A lock with two sides.</summary>
public interface IZabReaderWriterLock
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>The side that many have at a time.</summary>
    IZabLock Reader { get; }

    /// <summary>The side that one has alone.</summary>
    IZabLock Writer { get; }
}

/// <summary>A lock that is held.</summary>
public interface IZabLockHandle : IAsyncDisposable
{
    /// <summary>
    /// A number that is larger for every later holder. No lock over a network is certain to be the only one: hand this
    /// to what the lock protects, and let it refuse a lower one than it has seen.
    /// </summary>
    long FencingToken { get; }

    /// <summary>
    /// Cancelled when the lock is lost: the session has ended, or was not heard of for so long that it may end. Stop
    /// what the lock protects. Not cancelled by disposal.
    /// </summary>
    CancellationToken HandleLost { get; }
}
