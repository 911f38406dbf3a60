# complete.zsh SCRIPT LINE...: type each line and a tab into an interactive zsh that has loaded the
# completion script, and print what the line has become.
zmodload zsh/zpty
zpty shell "TERM=dumb HOME=/nonexistent zsh -f -i"
await() { zpty -r -m shell REPLY "*$1*" }
zpty -w shell "fpath=(${1:h} \$fpath); autoload -Uz compinit; compinit -u -D; echo rea''dy"
await ready
shift
for line; do
  zpty -w -n shell "$line"$'\t'
  # The whole line as a word: printed, not run.
  zpty -w -n shell $'\C-a'"print -r -- 'RES''ULT "$'\C-e'"'"$'\n'
  await $'RESULT*\n'
  print -r -- "${${${REPLY##*RESULT }%%$'\n'*}%%$'\r'*}"
done
zpty -d shell
