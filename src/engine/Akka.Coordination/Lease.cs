namespace Akka.Coordination;

/// <summary>Something that one owner at a time may hold; others can get it when the owner is gone.</summary>
public abstract class Lease
{
    /// <param name="settings">Its name, its owner, its times.</param>
    public Lease(LeaseSettings settings) => Settings = settings;

    /// <summary>Its name, its owner, its times.</summary>
    public LeaseSettings Settings { get; }

    /// <summary>
    /// Tries to get it: true if this owner has it now, false if another has. Fails with a
    /// <see cref="LeaseException"/> if that could not be found out in time.
    /// </summary>
    public abstract Task<bool> Acquire();

    /// <summary>As <see cref="Acquire()"/>.</summary>
    /// <param name="leaseLostCallback">
    /// Called when the lease is lost after that, with the cause if it is known. It must be thread-safe.
    /// </param>
    public abstract Task<bool> Acquire(Action<Exception?> leaseLostCallback);

    /// <summary>Gives it back: true if it is given back, false if that is not certain.</summary>
    public abstract Task<bool> Release();

    /// <summary>Whether this owner certainly has it. Does not block.</summary>
    public abstract bool CheckLease();
}
