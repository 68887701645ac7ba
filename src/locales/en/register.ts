export const register = {
  title: "Create your account",
  submit: "Create account",
  link: "Create an account",
  haveAccount: "Already have an account?",
};

export type RegisterMessages = typeof register;
