using Akka.Zab.Client;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Extensions;

/// <summary>The recipes, by name and over whatever session there is.</summary>
internal sealed class ZabLockProvider(IZabClientProvider clients, string path, TimeProvider time) : IZabLockProvider
{
    public IZabLock CreateLock(string name)
    {
        var at = PathOf("mutex", name);
        return new ZabLock(
            name, clients,
            (zab, cancellation) => new ZabMutex(zab, at, time: time).AcquireAsync(cancellation),
            (zab, patience, cancellation) => new ZabMutex(zab, at, time: time).TryAcquireAsync(patience, cancellation));
    }

    public IZabReaderWriterLock CreateReaderWriterLock(string name)
    {
        var at = PathOf("shared", name);
        return new ReaderWriterLock(
            name,
            new ZabLock(
                name, clients,
                (zab, cancellation) => new ZabSharedLock(zab, at, time).AcquireSharedAsync(cancellation),
                (zab, patience, cancellation) =>
                    new ZabSharedLock(zab, at, time).TryAcquireSharedAsync(patience, cancellation)),
            new ZabLock(
                name, clients,
                (zab, cancellation) => new ZabSharedLock(zab, at, time).AcquireExclusiveAsync(cancellation),
                (zab, patience, cancellation) =>
                    new ZabSharedLock(zab, at, time).TryAcquireExclusiveAsync(patience, cancellation)));
    }

    public IZabLock CreateSemaphore(string name, int permits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permits, 1);
        var at = PathOf("semaphore", name);
        return new ZabLock(
            name, clients,
            (zab, cancellation) => new ZabSemaphore(zab, at, permits, time).AcquireAsync(cancellation),
            (zab, patience, cancellation) =>
                new ZabSemaphore(zab, at, permits, time).TryAcquireAsync(patience, cancellation));
    }

    /// <summary>The znode of a lock: names may have any character, components of a path may not.</summary>
    internal string PathOf(string kind, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var escaped = Uri.EscapeDataString(name);
        if (escaped is "." or "..") escaped = escaped.Replace(".", "%2E", StringComparison.Ordinal);
        return $"{path}/{kind}/{escaped}";
    }

    private sealed record ReaderWriterLock(string Name, IZabLock Reader, IZabLock Writer) : IZabReaderWriterLock;
}
