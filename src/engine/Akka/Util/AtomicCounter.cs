namespace Akka.Util.Internal;

/// <summary>A 32-bit counter that threads may share.</summary>
public class AtomicCounter
{
    int _value;

    public AtomicCounter(int initialValue) => _value = initialValue;

    public AtomicCounter()
    {
    }

    public int Current => Volatile.Read(ref _value);

    public int Next() => Interlocked.Increment(ref _value);

    public int GetAndIncrement() => Interlocked.Increment(ref _value) - 1;

    public int IncrementAndGet() => Interlocked.Increment(ref _value);

    public int Decrement() => Interlocked.Decrement(ref _value);

    public int GetAndDecrement() => Interlocked.Decrement(ref _value) + 1;

    public int DecrementAndGet() => Interlocked.Decrement(ref _value);

    public int AddAndGet(int amount) => Interlocked.Add(ref _value, amount);

    public int GetAndAdd(int amount) => Interlocked.Add(ref _value, amount) - amount;

    public void Reset() => Interlocked.Exchange(ref _value, 0);
}

/// <summary>A 64-bit counter that threads may share.</summary>
public class AtomicCounterLong
{
    long _value;

    public AtomicCounterLong(long value) => _value = value;

    public AtomicCounterLong()
    {
    }

    public long Current => Interlocked.Read(ref _value);

    public long Next() => Interlocked.Increment(ref _value);

    public long GetAndIncrement() => Interlocked.Increment(ref _value) - 1;

    public long IncrementAndGet() => Interlocked.Increment(ref _value);

    public long DecrementAndGet() => Interlocked.Decrement(ref _value);

    public long AddAndGet(long amount) => Interlocked.Add(ref _value, amount);

    public long GetAndAdd(long amount) => Interlocked.Add(ref _value, amount) - amount;

    public void Reset() => Interlocked.Exchange(ref _value, 0);
}
